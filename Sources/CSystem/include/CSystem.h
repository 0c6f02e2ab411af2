// Inline helpers that Swift cannot spell: SIMD byte masks and variadic system calls. No logic.
#ifndef BITTERN_CSYSTEM_H
#define BITTERN_CSYSTEM_H

#include <stdint.h>
#include <stddef.h>

#include "StringMasks.h"
#include "FramingMasks.h"
#include "syscalls.h"

#endif
