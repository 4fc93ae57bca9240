package io.ottla.chaos.history;

import com.fasterxml.jackson.annotation.JsonFormat;

/** One record that a consumer was given; as JSON an array, for there are many of them. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Read(LogName log, long offset, long value) {}
