package io.ottla.chaos.history;

import com.fasterxml.jackson.annotation.JsonFormat;

/** The offset of the record that is to be read next; as JSON an array. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Position(LogName log, long offset) {}
