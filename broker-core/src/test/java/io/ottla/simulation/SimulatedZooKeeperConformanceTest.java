package io.ottla.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.zookeeper.Answer;
import io.ottla.zookeeper.SessionEvent;
import io.ottla.zookeeper.ZooKeeperRequests;
import io.ottla.zookeeper.ZooKeeperSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Has a real ZooKeeper and the model do the same, and compares what their clients hear: codes, values, versions, the
 * order of transactions, watches and when they come, and what becomes of sessions.
 */
class SimulatedZooKeeperConformanceTest {
    private static final List<ACL> OPEN = ZooDefs.Ids.OPEN_ACL_UNSAFE;
    private static final int STEPS = 400;

    @TempDir
    Path folder;

    private interface Scenario {
        List<String> play(TestingEnsemble ensemble, Path folders) throws Exception;
    }

    private void compare(Scenario scenario) throws Exception {
        List<String> real;
        try (TestingEnsemble ensemble = new TestingEnsemble.Real()) {
            real = scenario.play(ensemble, Files.createTempDirectory(folder, "real"));
        }
        for (int members : new int[] {1, 3}) {
            SimulatedZooKeeper.Settings settings = members == 1
                    ? SimulatedZooKeeper.Settings.USUAL
                    : new SimulatedZooKeeper.Settings(2_000, members, 300_000, 3_000_000);
            try (TestingEnsemble ensemble = new TestingEnsemble.Modelled(members, settings)) {
                List<String> modelled = scenario.play(ensemble, Files.createTempDirectory(folder, "modelled"));
                for (int i = 0; i < Math.min(real.size(), modelled.size()); i++) {
                    assertThat(modelled.get(i))
                            .as("%d servers, after %s", members, real.subList(Math.max(0, i - 8), i))
                            .isEqualTo(real.get(i));
                }
                assertThat(modelled).hasSameSizeAs(real);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAnswerAnyRequestsAlike(long seed) throws Exception {
        compare((ensemble, folders) -> new RandomRequests(ensemble, folders, seed).play());
    }

    @Test
    void shouldWatchAgainAfterAConnectionBrokeAndTellWhatWasMissed() throws Exception {
        compare((ensemble, folders) -> {
            // given  one who watches much, and another who changes it while the first has no connection
            List<String> heard = Collections.synchronizedList(new ArrayList<>());
            ZooKeeperSession first = ensemble.open(Files.createTempDirectory(folders, "s"), TestingEnsemble.SESSION_MS);
            ZooKeeperRequests one = ensemble.requests(first);
            for (String path : List.of("/changed", "/gone", "/same", "/parent", "/parent/old", "/bare")) {
                ensemble.get(one.create(path, null, OPEN, CreateMode.PERSISTENT));
            }
            for (String path : List.of("/changed", "/gone", "/same")) {
                ensemble.get(one.getData(path, () -> heard.add("data " + path)));
            }
            for (String path : List.of("/to-come", "/never", "/gone")) {
                ensemble.get(one.exists(path, () -> heard.add("existence " + path)));
            }
            for (String path : List.of("/parent", "/bare", "/parent/old")) {
                ensemble.get(one.getChildren(path, () -> heard.add("children " + path)));
            }
            List<SessionEvent> events = Collections.synchronizedList(new ArrayList<>());
            first.listen(events::add);
            long id = first.sessionId();

            // when   its connection breaks with writes under way
            List<CompletableFuture<Answer<Void>>> writes = new ArrayList<>();
            ensemble.cut();
            writes.add(one.setData("/changed", new byte[1], -1));
            writes.add(one.delete("/gone", -1));
            ensemble.until(() -> events.contains(new SessionEvent.Resumed()));
            for (CompletableFuture<Answer<Void>> write : writes) {
                ensemble.get(write);
            }
            ensemble.get(one.setData("/changed", new byte[2], -1));
            ensemble.get(one.delete("/gone", -1));
            ensemble.get(one.create("/to-come", null, OPEN, CreateMode.PERSISTENT));
            ensemble.get(one.delete("/parent/old", -1));
            ensemble.get(one.exists("/"));

            // then   it hears of each change once, in the same session
            List<String> told = new ArrayList<>(new TreeSet<>(heard));
            told.add("heard " + heard.size());
            told.add("same session " + (first.sessionId() == id));
            told.addAll(events.stream().map(Object::toString).toList());
            return told;
        });
    }

    @Test
    void shouldEndAndReplaceSessionsAlike() throws Exception {
        compare((ensemble, folders) -> {
            // given
            List<String> log = new ArrayList<>();
            ZooKeeperSession session =
                    ensemble.open(Files.createTempDirectory(folders, "s"), TestingEnsemble.SESSION_MS);
            ZooKeeperSession other = ensemble.open(Files.createTempDirectory(folders, "o"), TestingEnsemble.SESSION_MS);
            ZooKeeperRequests requests = ensemble.requests(session);
            ZooKeeperRequests others = ensemble.requests(other);
            List<SessionEvent> events = Collections.synchronizedList(new ArrayList<>());
            session.listen(events::add);
            ensemble.get(requests.create("/mine", null, OPEN, CreateMode.EPHEMERAL));
            List<String> heard = Collections.synchronizedList(new ArrayList<>());
            ensemble.get(others.getData("/mine", () -> heard.add("other's watch")));
            long before = session.sessionId();
            log.add("below an ephemeral node: "
                    + ensemble.get(requests.create("/mine/x", null, OPEN, CreateMode.PERSISTENT))
                            .code());

            // when   the server ends it
            ensemble.expire(before);
            ensemble.until(() -> events.stream().anyMatch(event -> event instanceof SessionEvent.Connected));

            // then   its node is gone, others hear of it, and there is a new session
            ensemble.until(() -> heard.contains("other's watch"));
            log.addAll(heard);
            log.add("node: " + ensemble.get(requests.exists("/mine")).code());
            log.add("new session: " + (session.sessionId() != before) + ", former " + session.isFormer(before));
            events.forEach(event -> log.add(event.getClass().getSimpleName()));
            log.add(session.status().state().toString());
            return log;
        });
    }

    @Test
    void shouldCloseTheSessionOfAKilledProcessAlike() throws Exception {
        compare((ensemble, folders) -> {
            // given  a session that is left open with an ephemeral node
            Path left = Files.createTempDirectory(folders, "left");
            ZooKeeperSession session = ensemble.open(left, TestingEnsemble.SESSION_MS);
            ensemble.get(ensemble.requests(session).create("/mine", null, OPEN, CreateMode.EPHEMERAL));
            long old = session.sessionId();

            // when   the next process starts on the same folder
            ZooKeeperSession next = ensemble.open(left, TestingEnsemble.SESSION_MS);

            // then   the node is gone at once, and the first notices that its session is over
            List<String> log = new ArrayList<>();
            log.add("node: "
                    + ensemble.get(ensemble.requests(next).exists("/mine")).code());
            ensemble.until(() -> session.isFormer(old));
            log.add("next is another: " + (next.sessionId() != old));
            return log;
        });
    }

    @Test
    void shouldKeepOrLoseSessionsAlikeWhenAllServersStop() throws Exception {
        compare((ensemble, folders) -> {
            // given
            List<String> log = new ArrayList<>();
            ZooKeeperSession longer =
                    ensemble.open(Files.createTempDirectory(folders, "l"), TestingEnsemble.SESSION_MS);
            ZooKeeperSession shorter = ensemble.open(Files.createTempDirectory(folders, "s"), 4_000);
            List<SessionEvent> first = Collections.synchronizedList(new ArrayList<>());
            List<SessionEvent> second = Collections.synchronizedList(new ArrayList<>());
            longer.listen(first::add);
            shorter.listen(second::add);
            ensemble.get(ensemble.requests(longer).create("/long", null, OPEN, CreateMode.EPHEMERAL));
            ensemble.get(ensemble.requests(shorter).create("/short", null, OPEN, CreateMode.EPHEMERAL));

            // when   all are away for longer than the shorter timeout
            ensemble.stop();
            ensemble.until(() -> second.contains(new SessionEvent.Lost()));
            log.add("unknown while away: "
                    + ensemble.get(ensemble.requests(longer).delete("/long", -1))
                            .code());
            ensemble.start();
            ensemble.until(() -> first.size() == 2 && second.size() == 3);

            // then
            log.add("long session: "
                    + first.stream().map(e -> e.getClass().getSimpleName()).toList());
            log.add("short session: "
                    + second.stream().map(e -> e.getClass().getSimpleName()).toList());
            ZooKeeperRequests requests = ensemble.requests(longer);
            log.add("long's node: " + ensemble.get(requests.exists("/long")).code());
            ensemble.until(() -> {
                try {
                    return !ensemble.get(requests.exists("/short")).isOk(); // Closed by who gave it up.
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            return log;
        });
    }

    /** Three sessions ask at random for some nodes. */
    private static final class RandomRequests {
        private static final List<String> PATHS =
                List.of("/a", "/b", "/a/x", "/a/y", "/b/x", "/a/x/1", "/a/x/2", "/c", "/missing/x");

        private final TestingEnsemble ensemble;
        private final Path folders;
        private final Random random;
        private final ZooKeeperSession[] sessions = new ZooKeeperSession[3];
        private final ZooKeeperRequests[] requests = new ZooKeeperRequests[3];
        private final List<String> log = new ArrayList<>();
        private final List<Long> zxids = new ArrayList<>();
        private final List<List<String>> heard = IntStream.range(0, 3)
                .mapToObj(i -> Collections.synchronizedList(new ArrayList<String>()))
                .toList();
        private int watches;

        RandomRequests(TestingEnsemble ensemble, Path folders, long seed) {
            this.ensemble = ensemble;
            this.folders = folders;
            this.random = new Random(seed);
        }

        List<String> play() throws Exception {
            for (int i = 0; i < 3; i++) {
                open(i);
            }
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(100) == 0) {
                    int who = random.nextInt(3);
                    ensemble.close(sessions[who]);
                    open(who);
                } else {
                    step(step);
                }
            }
            // Transactions are compared by their order, not by their numbers: opening a session takes one, too.
            List<Long> order = new ArrayList<>(new TreeSet<>(zxids));
            return log.stream()
                    .map(line -> {
                        String text = line;
                        for (int at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
                            int end = text.indexOf(';', at);
                            long zxid = Long.parseLong(text.substring(at + 1, end));
                            text = text.substring(0, at) + "#" + order.indexOf(zxid) + text.substring(end);
                        }
                        return text;
                    })
                    .toList();
        }

        private void open(int who) throws Exception {
            sessions[who] = ensemble.open(Files.createTempDirectory(folders, "s"), TestingEnsemble.SESSION_MS);
            requests[who] = ensemble.requests(sessions[who]);
        }

        private void step(int step) throws Exception {
            int who = random.nextInt(3);
            String path = PATHS.get(random.nextInt(PATHS.size()));
            ZooKeeperRequests by = requests[who];
            String line = step + " " + who + " ";
            switch (random.nextInt(8)) {
                case 0 -> {
                    CreateMode mode = List.of(
                                    CreateMode.PERSISTENT,
                                    CreateMode.EPHEMERAL,
                                    CreateMode.PERSISTENT_SEQUENTIAL,
                                    CreateMode.EPHEMERAL_SEQUENTIAL)
                            .get(random.nextInt(4));
                    byte[] data = random.nextInt(5) == 0 ? null : bytes("d" + step);
                    log.add(line + "create " + path + " " + mode + " "
                            + said(ensemble.get(by.create(path, data, OPEN, mode))));
                }
                case 1 ->
                    log.add(line + "set " + path + " "
                            + said(ensemble.get(by.setData(path, bytes("s" + step), version()))));
                case 2 -> log.add(line + "delete " + path + " " + said(ensemble.get(by.delete(path, version()))));
                case 3, 4 -> {
                    List<Op> operations = new ArrayList<>();
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        operations.add(operation(step));
                    }
                    log.add(line + "multi "
                            + operations.stream().map(Op::getPath).toList() + " "
                            + said(ensemble.get(by.multi(operations))));
                }
                case 5 ->
                    log.add(line + "read " + path + " "
                            + said(ensemble.get(
                                    random.nextBoolean() ? by.getData(path) : by.getData(path, watch(who, path)))));
                case 6 ->
                    log.add(line + "exists " + path + " "
                            + said(ensemble.get(
                                    random.nextBoolean() ? by.exists(path) : by.exists(path, watch(who, path)))));
                default ->
                    log.add(line + "children " + path + " "
                            + said(ensemble.get(
                                    random.nextBoolean()
                                            ? by.getChildren(path)
                                            : by.getChildren(path, watch(who, path)))));
            }
            hear();
        }

        /** Who has an answer that came later has heard of what happened before. */
        private void hear() throws Exception {
            for (int who = 0; who < 3; who++) {
                ensemble.get(requests[who].sync("/"));
                ensemble.get(requests[who].exists("/"));
                List<String> now = new ArrayList<>(heard.get(who));
                heard.get(who).clear();
                List<String> paths = now.stream()
                        .map(word -> word.substring(word.indexOf('/')))
                        .toList();
                for (int i = 0; i < paths.size(); i++) {
                    if (i == 0 || !paths.get(i).equals(paths.get(i - 1))) {
                        log.add("  " + who + " hears of " + paths.get(i));
                    }
                }
                now.stream().sorted().forEach(word -> log.add("  by " + word));
            }
        }

        private Runnable watch(int who, String path) {
            String word = String.format("%05d %s", watches++, path);
            return () -> heard.get(who).add(word);
        }

        private Op operation(int step) {
            String path = PATHS.get(random.nextInt(PATHS.size()));
            return switch (random.nextInt(5)) {
                case 0, 1 ->
                    Op.create(
                            path,
                            bytes("m" + step),
                            OPEN,
                            random.nextInt(4) == 0 ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT);
                case 2 -> Op.delete(path, version());
                case 3 -> Op.setData(path, bytes("m" + step), version());
                default -> Op.check(path, version());
            };
        }

        private int version() {
            return random.nextInt(3) == 0 ? random.nextInt(3) : -1;
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private String said(Answer<?> answer) {
            return answer.code() + " " + value(answer.value()) + " " + stat(answer.stat());
        }

        private String value(Object value) {
            return switch (value) {
                case null -> "-";
                case byte[] data -> new String(data, StandardCharsets.UTF_8);
                case List<?> list
                when !list.isEmpty() && list.getFirst() instanceof OpResult ->
                    list.stream()
                            .map(result -> result((OpResult) result))
                            .toList()
                            .toString();
                case List<?> names -> new TreeSet<>(names).toString();
                default -> value.toString();
            };
        }

        private String result(OpResult result) {
            return switch (result) {
                case OpResult.CreateResult create -> "created " + create.getPath() + stat(create.getStat());
                case OpResult.SetDataResult set -> "set" + stat(set.getStat());
                default -> result.getClass().getSimpleName();
            };
        }

        private String stat(Stat stat) {
            if (stat == null) {
                return "";
            }
            zxids.add(stat.getCzxid());
            zxids.add(stat.getMzxid());
            zxids.add(stat.getPzxid());
            String owner = "";
            for (int i = 0; i < 3; i++) {
                owner += stat.getEphemeralOwner() == sessions[i].sessionId() ? i : "";
            }
            return "#" + stat.getCzxid() + ";#" + stat.getMzxid() + ";#" + stat.getPzxid() + "; v" + stat.getVersion()
                    + " c" + stat.getCversion() + " a" + stat.getAversion() + " owner " + owner + " "
                    + stat.getDataLength() + " bytes " + stat.getNumChildren() + " children"
                    + (stat.getMtime() < stat.getCtime() ? " changed before it was made" : "");
        }
    }
}
