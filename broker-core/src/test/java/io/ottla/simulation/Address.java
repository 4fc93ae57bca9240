package io.ottla.simulation;

/** Where a broker listens. */
record Address(String machine, int port) {}
