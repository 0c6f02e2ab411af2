// Filled by a branch in flight.
