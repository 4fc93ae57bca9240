package io.ottla.chaos.checker;

import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures for how long nothing was acknowledged around each fault. */
final class Gaps {
    private final long[] all;
    private final Map<LogName, long[]> byLog = new TreeMap<>();

    private Gaps(List<Work> works) {
        Map<LogName, List<Long>> times = new TreeMap<>();
        works.forEach(work -> collect(work.steps(), times));
        times.forEach((log, list) -> byLog.put(log, sorted(list)));
        all = sorted(times.values().stream().flatMap(List::stream).toList());
    }

    private static void collect(List<Step> steps, Map<LogName, List<Long>> times) {
        for (Step step : steps) {
            if (step instanceof Step.Send send && send.acknowledgedUs() != Step.UNTOLD) {
                times.computeIfAbsent(send.log(), _ -> new ArrayList<>()).add(send.acknowledgedUs());
            }
        }
    }

    private static long[] sorted(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    static List<Gap> of(List<Event> history, List<Work> works) {
        Gaps gaps = new Gaps(works);
        List<Gap> found = new ArrayList<>();
        for (Event event : history) {
            if (event instanceof Event.Fault fault) {
                found.add(gaps.of(fault));
            }
        }
        return found;
    }

    private Gap of(Event.Fault fault) {
        LogName worst = null;
        long worstUs = -1;
        for (Map.Entry<LogName, long[]> each : byLog.entrySet()) {
            long longest = longest(each.getValue(), fault);
            if (longest > worstUs) {
                worstUs = longest;
                worst = each.getKey();
            }
        }
        return new Gap(fault, longest(all, fault), worst, Math.max(worstUs, 0));
    }

    /** The longest time between neighbours of which the second comes after the beginning, and the first before the end. */
    private static long longest(long[] times, Event.Fault fault) {
        long longest = 0;
        long before = fault.startUs();
        int next = Arrays.binarySearch(times, fault.startUs());
        for (int i = next < 0 ? -next - 1 : next; before < fault.endUs(); i++) {
            if (i == times.length) {
                return Math.max(longest, fault.endUs() - before);
            }
            longest = Math.max(longest, times[i] - before);
            before = times[i];
        }
        return longest;
    }
}
