// SIMD byte masks for the JSON scanner, which Swift cannot spell. No logic: bytes in, bits out.
//
// The two masks are two functions, since a pair would have to be packed into a word and unpacked; the compiler merges
// their loads.
#ifndef BITTERN_STRING_MASKS_H
#define BITTERN_STRING_MASKS_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>

/// Which of 16 bytes are `"`.
static inline uint32_t csystem_quotes16(const char *bytes) {
  const __m128i v = _mm_loadu_si128((const __m128i *)bytes);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
}

/// Which of 16 bytes are `\`, below 0x20, or above 0x7F: signed, those are negative, so one comparison finds both.
static inline uint32_t csystem_not_plain16(const char *bytes) {
  const __m128i v = _mm_loadu_si128((const __m128i *)bytes);
  const __m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')), low));
}

#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>

static inline uint32_t csystem_movemask16(uint8x16_t v) {
  static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vandq_u8(v, vld1q_u8(weights));
  return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

/// Which of 16 bytes are `"`.
static inline uint32_t csystem_quotes16(const char *bytes) {
  return csystem_movemask16(vceqq_u8(vld1q_u8((const uint8_t *)bytes), vdupq_n_u8('"')));
}

/// Which of 16 bytes are `\`, below 0x20, or above 0x7F: signed, those are negative, so one comparison finds both.
static inline uint32_t csystem_not_plain16(const char *bytes) {
  const uint8x16_t v = vld1q_u8((const uint8_t *)bytes);
  const uint8x16_t low = vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(0x20));
  return csystem_movemask16(vorrq_u8(vceqq_u8(v, vdupq_n_u8('\\')), low));
}

#else

/// Which of 16 bytes are `"`.
static inline uint32_t csystem_quotes16(const char *bytes) {
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) mask |= (uint32_t)(bytes[i] == '"') << i;
  return mask;
}

/// Which of 16 bytes are `\`, below 0x20, or above 0x7F.
static inline uint32_t csystem_not_plain16(const char *bytes) {
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) mask |= (uint32_t)(bytes[i] == '\\' || (signed char)bytes[i] < 0x20) << i;
  return mask;
}

#endif

/// Bit i: byte i of 32 is `"`.
static inline uint32_t csystem_quotes32(const void *bytes) {
  return csystem_quotes16((const char *)bytes) | csystem_quotes16((const char *)bytes + 16) << 16;
}

/// Bit i: byte i of 32 is `\`, below 0x20, or above 0x7F.
static inline uint32_t csystem_not_plain32(const void *bytes) {
  return csystem_not_plain16((const char *)bytes) | csystem_not_plain16((const char *)bytes + 16) << 16;
}

#endif
