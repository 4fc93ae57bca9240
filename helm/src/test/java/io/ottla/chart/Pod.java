package io.ottla.chart;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A pod as its StatefulSet makes it. */
final class Pod {
    final StatefulSet set;
    final String name;
    private final Manifests manifests;

    private Pod(StatefulSet set, String name, Manifests manifests) {
        this.set = set;
        this.name = name;
        this.manifests = manifests;
    }

    /** All of them, in the order of their ordinals. */
    static List<Pod> of(Manifests manifests) {
        List<Pod> pods = new ArrayList<>();
        manifests.each(StatefulSet.class).forEach(set -> {
            for (int ordinal = 0; ordinal < set.getSpec().getReplicas(); ordinal++) {
                pods.add(new Pod(set, set.getMetadata().getName() + "-" + ordinal, manifests));
            }
        });
        return pods;
    }

    PodSpec spec() {
        return set.getSpec().getTemplate().getSpec();
    }

    /** The one that matters. */
    Container container() {
        return spec().getContainers().getFirst();
    }

    boolean isBroker() {
        return container().getName().equals("ottla");
    }

    /** Its DNS name, as the headless Service gives it, in a Kubernetes cluster of that domain. */
    String host(String clusterDomain) {
        return name + "." + set.getSpec().getServiceName() + "." + Chart.NAMESPACE + ".svc." + clusterDomain;
    }

    /** The file that it mounts. */
    String file() {
        return manifests
                .get(ConfigMap.class, set.getMetadata().getName())
                .getData()
                .get(name + ".properties");
    }

    Map<String, String> settings() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((key, value) -> settings.put((String) key, (String) value));
        return settings;
    }

    @Override
    public String toString() {
        return name;
    }
}
