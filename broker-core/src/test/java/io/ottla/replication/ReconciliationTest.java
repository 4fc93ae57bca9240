package io.ottla.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.storage.EpochEnd;
import io.ottla.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On all small logs: a log is the list of its records' epochs, and an epoch's records were written by one leader. */
class ReconciliationTest {
    private static final int LONGEST = 5;
    private static final int EPOCHS = 4;

    /** As {@code PartitionLog.endOffsetOf}; a log whose records begin with an epoch above the asked one ends where it starts. */
    private static EpochEnd endOf(List<Integer> log, int epoch) {
        if (epoch < 0 || log.isEmpty() || epoch > log.getLast()) {
            return EpochEnd.UNKNOWN;
        }
        int end = 0;
        int found = epoch;
        while (end < log.size() && log.get(end) <= epoch) {
            found = log.get(end);
            end++;
        }
        return new EpochEnd(new LeaderEpoch(end == 0 ? epoch : found), end);
    }

    private static void logs(List<Integer> begun, List<List<Integer>> all) {
        all.add(List.copyOf(begun));
        if (begun.size() < LONGEST) {
            for (int epoch = begun.isEmpty() ? 0 : begun.getLast(); epoch < EPOCHS; epoch++) {
                begun.add(epoch);
                logs(begun, all);
                begun.removeLast();
            }
        }
    }

    /** Whether both can come of one cluster: what one leader wrote into an epoch begins at one offset, after one history. */
    private static boolean canBoth(List<Integer> one, List<Integer> other) {
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            int inOne = one.indexOf(epoch);
            int inOther = other.indexOf(epoch);
            if (inOne >= 0 && inOther >= 0 && !one.subList(0, inOne + 1).equals(other.subList(0, inOther + 1))) {
                return false;
            }
        }
        return true;
    }

    private static int common(List<Integer> one, List<Integer> other) {
        int length = 0;
        while (length < one.size() && length < other.size() && one.get(length).equals(other.get(length))) {
            length++;
        }
        return length;
    }

    /** A leader's answer to a fetch at the end of that log; null where it finds no fault with it. */
    private static EpochEnd answer(List<Integer> leader, List<Integer> follower, int leaderEpoch) {
        if (follower.isEmpty()) {
            return null;
        }
        List<Integer> begun = new ArrayList<>(leader);
        begun.add(leaderEpoch);
        int last = follower.getLast();
        EpochEnd end = endOf(begun, last);
        return end.epoch().value() < last || end.endOffset() < follower.size() ? end : null;
    }

    @Test
    void shouldComeToTheLongestCommonPrefixOfAnyTwoLogs() {
        List<List<Integer>> all = new ArrayList<>();
        logs(new ArrayList<>(), all);
        long pairs = 0;
        for (List<Integer> leader : all) {
            for (List<Integer> follower : all) {
                if (!canBoth(leader, follower)) {
                    continue;
                }
                pairs++;
                List<Integer> cut = new ArrayList<>(follower);
                int rounds = 0;
                for (EpochEnd parting = answer(leader, cut, EPOCHS);
                        parting != null;
                        parting = answer(leader, cut, EPOCHS)) {
                    List<Integer> now = List.copyOf(cut);
                    long to = Reconciliation.cutTo(parting, epoch -> endOf(now, epoch.value()), now.size());
                    assertThat(to).as("progress of %s beside %s", now, leader).isLessThan(now.size());
                    cut.subList((int) to, cut.size()).clear();
                    rounds++;
                }
                assertThat(cut)
                        .as("%s beside the leader's %s", follower, leader)
                        .isEqualTo(follower.subList(0, common(leader, follower)));
                assertThat(rounds).isLessThanOrEqualTo(EPOCHS);
            }
        }
        assertThat(pairs).isGreaterThan(1000);
    }
}
