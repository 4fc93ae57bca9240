package io.ottla.coordinator.group.assign;

import java.util.Map;

/**
 * Gives every member as many partitions as the others, as far as subscriptions let it, and leaves with everybody what it
 * has (KIP-848). Of equally even ways it takes one in which members read in their own racks (KIP-881).
 *
 * <p>With equal subscriptions loads differ by one at most, and exactly as many partitions move as must. With different ones
 * no handing on of partitions, over however many members, could make loads more even.
 */
public final class UniformAssignor implements GroupAssignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, Assignment> assign(AssignorInput input) {
        Layout layout = new Layout(input);
        int[] homes = layout.holders();
        EvenShares shares = new EvenShares(layout, homes);
        shares.share();
        if (layout.hasRacks()) {
            int[][] racksOf = new int[layout.partitions()][];
            for (int partition = 0; partition < racksOf.length; partition++) {
                racksOf[partition] = layout.racksOf(shares.topicOf(partition), partition);
            }
            new RackSwaps(
                            layout.rackOf(),
                            layout.racks(),
                            racksOf,
                            (member, partition) -> layout.subscribes(member, shares.topicOf(partition)),
                            homes,
                            shares.owners(),
                            shares.loads())
                    .improve();
        }
        return layout.assignments(shares.owners());
    }
}
