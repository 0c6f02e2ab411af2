// SIMD byte masks for the JSON scanner, which Swift cannot spell. No logic: bytes in, bits out.
#ifndef BITTERN_STRING_MASKS_H
#define BITTERN_STRING_MASKS_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#if defined(__SSE2__)

/// Bits 0-15: which of 16 bytes are `"`. Bits 32-47: which are `\`, below 0x20, or above 0x7F.
static inline uint64_t csystem_string_masks16(const void *bytes) {
  const __m128i v = _mm_loadu_si128((const __m128i *)bytes);
  const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  // Signed: bytes from 0x80 up are negative, so one comparison finds them and the control characters.
  const __m128i other = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')), _mm_cmplt_epi8(v, _mm_set1_epi8(0x20)));
  return (uint64_t)(uint32_t)_mm_movemask_epi8(quote) | (uint64_t)(uint32_t)_mm_movemask_epi8(other) << 32;
}

#elif defined(__ARM_NEON) && defined(__aarch64__)

static inline uint64_t csystem_movemask16(uint8x16_t v) {
  static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vandq_u8(v, vld1q_u8(weights));
  return (uint64_t)vaddv_u8(vget_low_u8(bits)) | (uint64_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

/// Bits 0-15: which of 16 bytes are `"`. Bits 32-47: which are `\`, below 0x20, or above 0x7F.
static inline uint64_t csystem_string_masks16(const void *bytes) {
  const uint8x16_t v = vld1q_u8((const uint8_t *)bytes);
  const uint8x16_t quote = vceqq_u8(v, vdupq_n_u8('"'));
  const uint8x16_t other =
      vorrq_u8(vceqq_u8(v, vdupq_n_u8('\\')), vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(0x20)));
  return csystem_movemask16(quote) | csystem_movemask16(other) << 32;
}

#else

/// Bits 0-15: which of 16 bytes are `"`. Bits 32-47: which are `\`, below 0x20, or above 0x7F.
static inline uint64_t csystem_string_masks16(const void *bytes) {
  const uint8_t *p = (const uint8_t *)bytes;
  uint64_t masks = 0;
  for (int i = 0; i < 16; i++) {
    masks |= (uint64_t)(p[i] == '"') << i;
    masks |= (uint64_t)(p[i] == '\\' || p[i] < 0x20 || p[i] > 0x7F) << (32 + i);
  }
  return masks;
}

#endif

/// Bits 0-31: which of 32 bytes are `"`. Bits 32-63: which are `\`, below 0x20, or above 0x7F.
static inline uint64_t csystem_string_masks32(const void *bytes) {
  return csystem_string_masks16(bytes) | csystem_string_masks16((const char *)bytes + 16) << 16;
}

#endif
