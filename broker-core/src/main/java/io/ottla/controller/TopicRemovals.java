package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TopicImage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Topics that are on their way out: those still to be taken away, and who waits for one to be gone. The controller's thread. */
final class TopicRemovals {
    /** Topics that are taken away at the same time at most. */
    private static final int AT_ONCE = 50;

    private final Set<String> doomed = new LinkedHashSet<>();
    private final Map<String, CompletableFuture<Void>> waiting = new LinkedHashMap<>();

    /** Begins with those that the image says are to be deleted. */
    void begin(ClusterImage image) {
        doomed.clear();
        image.topics().values().stream().filter(TopicImage::deleting).forEach(topic -> doomed.add(topic.name()));
    }

    /** Whether there are any to be taken away. */
    boolean areDue() {
        return !doomed.isEmpty();
    }

    /** Names of the next ones to be taken away; whoever asks does it. */
    List<String> take() {
        List<String> names = doomed.stream().limit(AT_ONCE).toList();
        names.forEach(doomed::remove);
        return names;
    }

    /** Has the draft know that these are gone, with their configuration. */
    static void forget(List<String> names, Draft draft) {
        for (String name : names) {
            TopicImage topic = draft.image().topic(name);
            if (topic != null) {
                draft.observe(new MetadataChange.TopicGone(topic));
                draft.observe(new MetadataChange.ConfigSet(ConfigResourceName.topic(name), ConfigImage.EMPTY));
            }
        }
    }

    /** Learns from a step which topics are to go, and which are gone once it is in force. */
    void note(ImageStep step, CompletionStage<Void> inForce) {
        for (MetadataChange change : step.changes()) {
            if (change instanceof MetadataChange.TopicSet(TopicImage topic) && topic.deleting()) {
                doomed.add(topic.name());
            } else if (change instanceof MetadataChange.TopicGone(TopicImage topic)) {
                CompletableFuture<Void> removal = waiting.remove(topic.name());
                if (removal != null) {
                    inForce.whenComplete((done, error) -> removal.complete(null));
                }
            }
        }
    }

    /** Done when these topics, as far as the image has them, are gone. */
    CompletionStage<Void> gone(ClusterImage image, Collection<String> names) {
        return CompletableFuture.allOf(names.stream()
                .filter(name -> image.topic(name) != null)
                .map(name -> waiting.computeIfAbsent(name, key -> new CompletableFuture<>()))
                .toArray(CompletableFuture[]::new));
    }

    /** Another controller goes on with them: nobody waits here any more. */
    void end() {
        doomed.clear();
        List<CompletableFuture<Void>> left = List.copyOf(waiting.values());
        waiting.clear();
        left.forEach(removal -> removal.complete(null));
    }
}
