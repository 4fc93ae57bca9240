/**
 * How far groups are behind: what kafka_exporter and other exporters beside Kafka find out by asking, told by the groups'
 * coordinator itself.
 *
 * <p>{@link io.ottla.coordinator.group.lag.LagRounds} looks from time to time, as long as somebody scrapes;
 * {@link io.ottla.coordinator.group.lag.LagMeter} shows what it saw last.
 *
 * <p>Owner thread: an order of its own; readers on any thread see an immutable picture.
 *
 * <p>May import: what {@code coordinator} may.
 */
package io.ottla.coordinator.group.lag;
