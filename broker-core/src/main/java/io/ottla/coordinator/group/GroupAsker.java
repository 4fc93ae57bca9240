package io.ottla.coordinator.group;

/**
 * Who asks the coordinator, and how.
 *
 * @param clientId as the client names itself
 * @param clientHost its address as Kafka shows it: {@code /127.0.0.1}
 * @param version of the request's API
 */
public record GroupAsker(String clientId, String clientHost, short version) {}
