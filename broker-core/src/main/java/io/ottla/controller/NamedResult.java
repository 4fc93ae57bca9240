package io.ottla.controller;

import io.ottla.types.Failure;

/**
 * What became of something that was asked for a topic or feature of that name.
 *
 * @param failure null where it was done
 */
public record NamedResult(String name, Failure failure) {}
