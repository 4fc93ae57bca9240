package io.ottla.config;

/**
 * Who a broker is.
 *
 * @param brokerId {@code broker.id}: 0 or more; -1 to have one drawn at the first start
 * @param brokerIdGenerationEnable {@code broker.id.generation.enable}: whether an id may be drawn
 * @param reservedBrokerMaxId {@code reserved.broker.max.id}: drawn ids are larger than this, 0 or more
 */
public record IdentityProperties(int brokerId, boolean brokerIdGenerationEnable, int reservedBrokerMaxId) {
    public static final IdentityProperties DEFAULTS = new IdentityProperties(-1, true, 1000);
}
