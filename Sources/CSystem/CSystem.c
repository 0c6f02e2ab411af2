// The target is header-only; the compiler wants one translation unit.
