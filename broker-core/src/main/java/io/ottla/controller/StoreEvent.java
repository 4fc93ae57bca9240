package io.ottla.controller;

/** Something in the store is not as it was. It says where to look and nothing of what is there now (lessons A5). */
public sealed interface StoreEvent {
    /** A broker came, left, or registered anew. */
    record BrokersChanged() implements StoreEvent {}

    /** A topic's node came or went. */
    record TopicsChanged() implements StoreEvent {}

    /** A topic's node, which holds its assignment, was written. */
    record TopicChanged(String topic) implements StoreEvent {}

    /** Somebody asks for the deletion of topics. */
    record DeletionsChanged() implements StoreEvent {}

    /** Somebody wrote configuration. */
    record ConfigsChanged() implements StoreEvent {}

    record FeaturesChanged() implements StoreEvent {}

    /** Somebody asks for partitions to be moved, or has changed or taken back what was asked for. */
    record ReassignmentsChanged() implements StoreEvent {}

    /** Somebody asks for preferred replicas to lead, or has taken that back. */
    record ElectionsChanged() implements StoreEvent {}
}
