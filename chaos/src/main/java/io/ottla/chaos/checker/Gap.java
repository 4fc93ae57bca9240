package io.ottla.chaos.checker;

import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;

/**
 * How long acknowledgements stayed away around a fault, counted from its beginning at the earliest; beyond its end where they
 * came back after it.
 *
 * @param longestUs between two acknowledgements of any partition
 * @param worst the partition that had none for longest, null where no partition has acknowledged anything
 * @param worstUs how long that was
 */
public record Gap(Event.Fault fault, long longestUs, LogName worst, long worstUs) {}
