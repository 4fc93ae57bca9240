package io.ottla.chaos.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** All kinds, by the names that the command takes. */
public enum FaultKind {
    NONE("nothing, for as long as a fault would last"),
    KILL("kill -9 of one broker"),
    KILL_LEADER("kill -9 of the broker that leads a partition under test"),
    KILL_COORDINATOR("kill -9 of a broker that coordinates groups"),
    KILL_CONTROLLER("kill -9 of the controller"),
    KILL_TWO("kill -9 of two brokers at once"),
    KILL_ALL("kill -9 of all brokers at once"),
    PAUSE("SIGSTOP of one broker"),
    PAUSE_LEADER("SIGSTOP of the broker that leads a partition under test"),
    PAUSE_COORDINATOR("SIGSTOP of a broker that coordinates groups"),
    PAUSE_CONTROLLER("SIGSTOP of the controller"),
    KILL_TRANSACTION_COORDINATOR("kill -9 of a broker that coordinates an open transaction"),
    PAUSE_TRANSACTION_COORDINATOR("SIGSTOP of a broker that coordinates an open transaction"),
    CUT_TRANSACTION_COORDINATOR("such a broker can't reach the others; every other time ZooKeeper neither"),
    STOP("SIGTERM of one broker, and its start"),
    STOP_EACH("SIGTERM and start of one broker after the other"),
    CUT_PAIR("two brokers can't reach each other"),
    CUT_ONE("one broker can't reach the others; every other time ZooKeeper neither"),
    CUT_ONE_WAY("nothing gets from one broker to another, but back"),
    ZOOKEEPER_CUT("one broker can't reach ZooKeeper"),
    ZOOKEEPER_CUT_ALL("no broker can reach ZooKeeper"),
    ZOOKEEPER_PAUSE("SIGSTOP of ZooKeeper"),
    ZOOKEEPER_KILL("kill -9 of ZooKeeper"),
    DISK_FULL("one broker's files can't grow: each write ends with an error"),
    DISK_READ_ONLY("one of a broker's two log folders can't be written to"),
    CLOCK("the wall clock of one broker jumps, by up to half an hour"),
    REASSIGN("a partition moves from two brokers to another two and back"),
    REASSIGN_KILL("the same, with a kill -9 of one broker amid it"),
    REASSIGN_CANCEL("the same, called off amid it"),
    MOVE_FOLDER("a replica moves to the other log folder of its broker"),
    MOVE_FOLDER_KILL("the same, with a kill -9 of that broker");

    private final String meaning;

    FaultKind(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    /** As the command takes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static FaultKind parse(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected one of "
                        + Arrays.stream(values()).map(FaultKind::toString).collect(Collectors.joining(", "))
                        + ", but got '" + name + "'"));
    }

    Fault fault() {
        return switch (this) {
            case NONE -> new Nothing();
            case KILL -> new Kill(Victims.ANY);
            case KILL_LEADER -> new Kill(Victims.LEADER);
            case KILL_COORDINATOR -> new Kill(Victims.COORDINATOR);
            case KILL_CONTROLLER -> new Kill(Victims.CONTROLLER);
            case KILL_TWO -> new Kill(Victims.TWO);
            case KILL_ALL -> new Kill(Victims.ALL);
            case PAUSE -> new Pause(Victims.ANY);
            case PAUSE_LEADER -> new Pause(Victims.LEADER);
            case PAUSE_COORDINATOR -> new Pause(Victims.COORDINATOR);
            case PAUSE_CONTROLLER -> new Pause(Victims.CONTROLLER);
            case KILL_TRANSACTION_COORDINATOR -> new Kill(Victims.TRANSACTION_COORDINATOR);
            case PAUSE_TRANSACTION_COORDINATOR -> new Pause(Victims.TRANSACTION_COORDINATOR);
            case CUT_TRANSACTION_COORDINATOR -> new Cut(Cut.Shape.TRANSACTION_COORDINATOR);
            case STOP -> new Stop();
            case STOP_EACH -> new StopEach();
            case CUT_PAIR -> new Cut(Cut.Shape.PAIR);
            case CUT_ONE -> new Cut(Cut.Shape.ONE);
            case CUT_ONE_WAY -> new Cut(Cut.Shape.ONE_WAY);
            case ZOOKEEPER_CUT -> new Cut(Cut.Shape.ZOOKEEPER);
            case ZOOKEEPER_CUT_ALL -> new Cut(Cut.Shape.ZOOKEEPER_ALL);
            case ZOOKEEPER_PAUSE -> new ZooKeeperPause();
            case ZOOKEEPER_KILL -> new ZooKeeperKill();
            case DISK_FULL -> new DiskFull();
            case DISK_READ_ONLY -> new DiskReadOnly();
            case CLOCK -> new ClockJump();
            case REASSIGN -> new Reassign(Reassign.Amid.NOTHING);
            case REASSIGN_KILL -> new Reassign(Reassign.Amid.KILL);
            case REASSIGN_CANCEL -> new Reassign(Reassign.Amid.CANCEL);
            case MOVE_FOLDER -> new MoveFolder(false);
            case MOVE_FOLDER_KILL -> new MoveFolder(true);
        };
    }
}
