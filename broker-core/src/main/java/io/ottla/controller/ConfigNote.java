package io.ottla.controller;

import io.ottla.metadata.ConfigResourceName;

/**
 * A note that configuration has changed, of our own hand, another broker's, or an old tool's.
 *
 * @param name of the note itself
 * @param resource null where it is about something that no image holds, or can't be read
 * @param writtenMs when, since 1970, by the store's clock
 */
public record ConfigNote(String name, ConfigResourceName resource, long writtenMs) {}
