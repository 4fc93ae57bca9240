package io.ottla.coordinator.group.assign;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Hands items that lie in other racks than their owners to members in a rack of theirs, if that brings more items near and
 * leaves loads as even as they are: by a swap, or from who has one more to who has one less. Goes on until no such step is
 * left, so that a second look at the result finds nothing to do. Near items are never moved but in exchange.
 */
final class RackSwaps {
    /** Who may have what. */
    @FunctionalInterface
    interface Permission {
        boolean mayHave(int member, int item);
    }

    private final int[] rackOf;
    private final int[][] racksOf;
    private final int racks;
    private final Permission permission;
    private final int[] homes;
    private final int[] owners;
    private final int[] loads;
    private final IntStack[] membersIn;
    /** By (rack of the owner, another rack where the item lies as well): items that can be exchanged between these. */
    private final Map<Long, IntStack> movable = new HashMap<>();
    /** By rack of the owner: items that do not lie there. */
    private final IntStack[] strays;

    /**
     * @param rackOf by member; negative where it has none
     * @param racks how many there are
     * @param racksOf by item: in which racks it lies, ascending
     * @param homes by item: who had it before
     * @param owners by item: changed in place
     * @param loads by member: changed in place
     */
    RackSwaps(int[] rackOf, int racks, int[][] racksOf, Permission permission, int[] homes, int[] owners, int[] loads) {
        this.rackOf = rackOf;
        this.racks = racks;
        this.racksOf = racksOf;
        this.permission = permission;
        this.homes = homes;
        this.owners = owners;
        this.loads = loads;
        membersIn = new IntStack[racks];
        strays = new IntStack[racks];
        Arrays.setAll(membersIn, rack -> new IntStack());
        Arrays.setAll(strays, rack -> new IntStack());
        for (int member = 0; member < rackOf.length; member++) {
            if (rackOf[member] >= 0) {
                membersIn[rackOf[member]].push(member);
            }
        }
    }

    void improve() {
        boolean improved;
        do {
            index();
            improved = false;
            for (int item = 0; item < owners.length; item++) {
                improved |= isStray(item) && bringNear(item);
            }
        } while (improved);
    }

    /** Whether it is not near and could be. */
    private boolean isStray(int item) {
        return owners[item] >= 0 && racksOf[item].length > 0 && !isIn(item, rackOf[owners[item]]);
    }

    private boolean isIn(int item, int rack) {
        return Arrays.binarySearch(racksOf[item], rack) >= 0;
    }

    /** What its owner had before comes first, so that the rest is taken first. */
    private void index() {
        movable.clear();
        for (IntStack stack : strays) {
            stack.clear();
        }
        for (boolean fresh : new boolean[] {false, true}) {
            for (int item = 0; item < owners.length; item++) {
                int rack = owners[item] < 0 ? -1 : rackOf[owners[item]];
                if (rack >= 0 && (homes[item] != owners[item]) == fresh) {
                    index(item, rack);
                }
            }
        }
    }

    private void index(int item, int rack) {
        for (int other : racksOf[item]) {
            if (other != rack) {
                movable.computeIfAbsent(between(rack, other), pair -> new IntStack())
                        .push(item);
            }
        }
        if (!isIn(item, rack)) {
            strays[rack].push(item);
        }
    }

    private long between(int rack, int other) {
        return (long) rack * racks + other;
    }

    private boolean bringNear(int item) {
        int owner = owners[item];
        for (int rack : racksOf[item]) {
            int roomier = roomier(item, rack, loads[owner] - 1);
            if (roomier >= 0) {
                owners[item] = roomier;
                loads[owner]--;
                loads[roomier]++;
                return true;
            }
            IntStack both = rackOf[owner] < 0 ? null : movable.get(between(rack, rackOf[owner]));
            if (both != null && swap(item, rack, both) || swap(item, rack, strays[rack])) {
                return true;
            }
        }
        return false;
    }

    /** Negative where there is none. */
    private int roomier(int item, int rack, int load) {
        for (int i = 0; i < membersIn[rack].size(); i++) {
            int member = membersIn[rack].get(i);
            if (loads[member] == load && permission.mayHave(member, item)) {
                return member;
            }
        }
        return -1;
    }

    private boolean swap(int item, int rack, IntStack candidates) {
        while (!candidates.isEmpty() && isElsewhere(candidates.get(candidates.size() - 1), rack)) {
            candidates.pop();
        }
        int owner = owners[item];
        for (int i = candidates.size() - 1; i >= 0; i--) {
            int other = candidates.get(i);
            int owning = owners[other];
            if (!isElsewhere(other, rack) && permission.mayHave(owning, item) && permission.mayHave(owner, other)) {
                owners[item] = owning;
                owners[other] = owner;
                return true;
            }
        }
        return false;
    }

    /** Whether it has been handed to another rack since it was found in this one. */
    private boolean isElsewhere(int item, int rack) {
        return rackOf[owners[item]] != rack;
    }
}
