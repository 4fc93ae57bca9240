package io.ottla.coordinator.group;

import java.util.function.Predicate;

/**
 * Who asks the coordinator, and how.
 *
 * @param clientId as the client names itself
 * @param clientHost its address as Kafka shows it: {@code /127.0.0.1}
 * @param version of the request's API
 * @param describesTopic whether it may know of a topic; asked on any thread
 */
public record GroupAsker(String clientId, String clientHost, short version, Predicate<String> describesTopic) {}
