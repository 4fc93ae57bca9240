package io.ottla.console.reassignment;

import io.ottla.console.moves.Difference;
import io.ottla.console.moves.PartitionMove;
import io.ottla.console.state.ConsoleStore;
import io.ottla.console.state.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.TopicPartition;

/**
 * What a plan moves that is followed; it stays as it is as long as the plan runs. Kept as JSON, compressed, in pieces that
 * entries can hold.
 *
 * @param steps one after the other
 * @param folders log folders of replicas, where a file named them
 * @param throttled topics whose throttle goes in the end
 * @param ids of its topics, by name: one that was deleted and made again is another
 */
record PlanSteps(
        List<Difference> steps,
        Map<TopicPartition, List<String>> folders,
        Set<String> throttled,
        Map<String, String> ids) {
    /** Nothing, in the place of what is not to be read. */
    static final PlanSteps LOST = new PlanSteps(List.of(), Map.of(), Set.of(), Map.of());

    /** What lies there may be anybody's. */
    private static final int MAX_BYTES = 128 << 20;

    /** A partition that moves, in short, since there may be 250,000. */
    private record Move(String t, int p, List<Integer> from, List<Integer> to, long bytes) {}

    private record Folders(String t, int p, List<String> paths) {}

    private record Kept(
            List<List<Move>> steps, List<Folders> folders, List<String> throttled, Map<String, String> ids) {}

    boolean isLost() {
        return steps.isEmpty();
    }

    NavigableSet<String> topics() {
        NavigableSet<String> topics = new TreeSet<>();
        steps.forEach(step -> topics.addAll(step.after().topics()));
        folders.keySet().forEach(at -> topics.add(at.topic()));
        return topics;
    }

    /** In pieces of at most {@link ConsoleStore#MAX_BYTES}. */
    List<byte[]> write() {
        byte[] json = Json.write(new Kept(
                steps.stream()
                        .map(step -> step.moves().stream()
                                .map(move -> new Move(
                                        move.partition().topic(),
                                        move.partition().partition(),
                                        move.before(),
                                        move.after(),
                                        move.bytes()))
                                .toList())
                        .toList(),
                folders.entrySet().stream()
                        .map(entry -> new Folders(
                                entry.getKey().topic(), entry.getKey().partition(), entry.getValue()))
                        .toList(),
                List.copyOf(throttled),
                ids));
        byte[] packed = pack(json);
        List<byte[]> parts = new ArrayList<>();
        for (int from = 0; from < packed.length; from += ConsoleStore.MAX_BYTES) {
            parts.add(Arrays.copyOfRange(packed, from, Math.min(packed.length, from + ConsoleStore.MAX_BYTES)));
        }
        return parts;
    }

    private static byte[] pack(byte[] json) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream packing = new GZIPOutputStream(packed)) {
            packing.write(json);
        } catch (IOException impossible) {
            throw new IllegalStateException("Expected memory to take it", impossible);
        }
        return packed.toByteArray();
    }

    /** Empty where they hold something else. */
    static Optional<PlanSteps> read(List<byte[]> parts) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        parts.forEach(packed::writeBytes);
        byte[] json;
        try (GZIPInputStream unpacking = new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
            json = unpacking.readNBytes(MAX_BYTES);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return Json.read(new ConsoleStore.Entry("plan", 0, json), Kept.class).flatMap(PlanSteps::of);
    }

    private static Optional<PlanSteps> of(Kept kept) {
        try {
            Map<TopicPartition, List<String>> folders = new HashMap<>();
            kept.folders().forEach(each -> folders.put(new TopicPartition(each.t(), each.p()), each.paths()));
            return Optional.of(new PlanSteps(
                    kept.steps().stream()
                            .map(step -> new Difference(step.stream()
                                    .map(move -> new PartitionMove(
                                            new TopicPartition(move.t(), move.p()),
                                            List.copyOf(move.from()),
                                            List.copyOf(move.to()),
                                            move.bytes()))
                                    .toList()))
                            .toList(),
                    Map.copyOf(folders),
                    Set.copyOf(kept.throttled()),
                    Map.copyOf(kept.ids())));
        } catch (NullPointerException missing) {
            return Optional.empty();
        }
    }
}
