package io.ottla.controller;

import io.ottla.types.Failure;

/**
 * How far a broker that wants to shut down has handed on what it leads.
 *
 * @param failure null where it may hand on; else nothing is said of the rest
 * @param leading partitions that it still leads, since no other replica of them is in sync
 * @param hopeful those of them that another live replica may take over once it has caught up: worth a while of waiting
 */
public record Departure(Failure failure, int leading, int hopeful) {}
