package io.ottla.chaos.checker;

import io.ottla.chaos.history.LogName;

/**
 * One anomaly, and where it is.
 *
 * @param log null where it is in no single one
 * @param offset {@link io.ottla.chaos.history.Step#UNTOLD} where it is at none
 * @param value the same
 */
public record Finding(Anomaly anomaly, LogName log, long offset, long value, String what) {}
