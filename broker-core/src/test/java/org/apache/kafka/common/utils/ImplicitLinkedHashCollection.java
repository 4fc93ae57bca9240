package org.apache.kafka.common.utils;

/**
 * What the verifier asks for when it loads classes of Kafka's coordinators: they are compiled against kafka-clients of
 * their own release, which had this here, and run here with newer clients. Nothing of it is used.
 */
public class ImplicitLinkedHashCollection {
    /** As above. */
    public interface Element {}
}
