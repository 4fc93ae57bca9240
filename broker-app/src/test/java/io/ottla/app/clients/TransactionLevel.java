package io.ottla.app.clients;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;

/** What all of a cluster's software knows of transactions: 2 since KIP-890. */
final class TransactionLevel {
    private static final String FEATURE = "transaction.version";

    private TransactionLevel() {}

    static void set(Admin admin, int level) throws Exception {
        FinalizedVersionRange range = admin.describeFeatures()
                .featureMetadata()
                .get()
                .finalizedFeatures()
                .get(FEATURE);
        int now = range == null ? 0 : range.maxVersionLevel();
        if (now != level) {
            UpgradeType type = now < level ? UpgradeType.UPGRADE : UpgradeType.UNSAFE_DOWNGRADE;
            admin.updateFeatures(Map.of(FEATURE, new FeatureUpdate((short) level, type)), new UpdateFeaturesOptions())
                    .all()
                    .get();
        }
    }
}
