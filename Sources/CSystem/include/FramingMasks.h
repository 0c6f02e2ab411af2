// SIMD byte masks for record framing, which Swift cannot spell. No logic: 64 bytes in, bits out.
#ifndef BITTERN_FRAMING_MASKS_H
#define BITTERN_FRAMING_MASKS_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Bit i of each mask speaks of byte i of a block of 64.
typedef struct {
  uint64_t quote, backslash;
  /// `{` or `[`; `}` or `]`.
  uint64_t open, close;
  uint64_t feed, nul;
} csystem_framing_masks;

/// LF or NUL; and `}` or `{`, for lines.
typedef struct {
  uint64_t stop, open, close;
} csystem_line_masks;

#if defined(__SSE2__)

#define CSYSTEM_MASK(v, byte) ((uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(byte))))

static inline csystem_framing_masks csystem_framing_masks64(const void *bytes) {
  csystem_framing_masks m = {0, 0, 0, 0, 0, 0};
  for (int i = 0; i < 4; i++) {
    const __m128i v = _mm_loadu_si128((const __m128i *)bytes + i);
    // `{` 7B and `[` 5B differ in the bit 20 only, as do `}` 7D and `]` 5D.
    const __m128i folded = _mm_or_si128(v, _mm_set1_epi8(0x20));
    const int shift = 16 * i;
    m.quote |= CSYSTEM_MASK(v, '"') << shift;
    m.backslash |= CSYSTEM_MASK(v, '\\') << shift;
    m.open |= CSYSTEM_MASK(folded, '{') << shift;
    m.close |= CSYSTEM_MASK(folded, '}') << shift;
    m.feed |= CSYSTEM_MASK(v, '\n') << shift;
    m.nul |= CSYSTEM_MASK(v, 0) << shift;
  }
  return m;
}

static inline csystem_line_masks csystem_line_masks64(const void *bytes) {
  csystem_line_masks m = {0, 0, 0};
  for (int i = 0; i < 4; i++) {
    const __m128i v = _mm_loadu_si128((const __m128i *)bytes + i);
    const int shift = 16 * i;
    const __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(v, _mm_setzero_si128()));
    m.stop |= (uint64_t)(uint32_t)_mm_movemask_epi8(stop) << shift;
    m.open |= CSYSTEM_MASK(v, '{') << shift;
    m.close |= CSYSTEM_MASK(v, '}') << shift;
  }
  return m;
}

#undef CSYSTEM_MASK

#else

static inline csystem_framing_masks csystem_framing_masks64(const void *bytes) {
  const uint8_t *p = (const uint8_t *)bytes;
  csystem_framing_masks m = {0, 0, 0, 0, 0, 0};
  for (int i = 0; i < 64; i++) {
    m.quote |= (uint64_t)(p[i] == '"') << i;
    m.backslash |= (uint64_t)(p[i] == '\\') << i;
    m.open |= (uint64_t)((p[i] | 0x20) == '{') << i;
    m.close |= (uint64_t)((p[i] | 0x20) == '}') << i;
    m.feed |= (uint64_t)(p[i] == '\n') << i;
    m.nul |= (uint64_t)(p[i] == 0) << i;
  }
  return m;
}

static inline csystem_line_masks csystem_line_masks64(const void *bytes) {
  const uint8_t *p = (const uint8_t *)bytes;
  csystem_line_masks m = {0, 0, 0};
  for (int i = 0; i < 64; i++) {
    m.stop |= (uint64_t)(p[i] == '\n' || p[i] == 0) << i;
    m.open |= (uint64_t)(p[i] == '{') << i;
    m.close |= (uint64_t)(p[i] == '}') << i;
  }
  return m;
}

#endif

#endif
