package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All handlers by key: what exists, and so what is announced. Immutable. */
public final class ApiRegistry {
    private final ApiHandler<?, ?>[] byKey;
    private final List<ApiSpec<?, ?>> specs;

    private ApiRegistry(List<ApiHandler<?, ?>> handlers) {
        int largest = -1;
        for (ApiHandler<?, ?> handler : handlers) {
            largest = Math.max(largest, handler.spec().key().id);
        }
        byKey = new ApiHandler<?, ?>[largest + 1];
        List<ApiSpec<?, ?>> all = new ArrayList<>();
        for (ApiHandler<?, ?> handler : handlers) {
            ApiSpec<?, ?> spec = handler.spec();
            if (byKey[spec.key().id] != null) {
                throw new IllegalArgumentException("Expected one handler for " + spec.key() + ", but got "
                        + byKey[spec.key().id].getClass().getName() + " and "
                        + handler.getClass().getName());
            }
            byKey[spec.key().id] = handler;
            all.add(spec);
        }
        specs = List.copyOf(all);
    }

    /** Of exactly these. */
    public static ApiRegistry of(List<? extends ApiHandler<?, ?>> handlers) {
        return new ApiRegistry(List.copyOf(handlers));
    }

    /**
     * Of these and ApiVersions, which announces them.
     *
     * @param supported the features this software knows, and their levels
     * @param image the cluster as last known, for the finalised ones
     */
    public static ApiRegistry announcing(
            List<? extends ApiHandler<?, ?>> handlers,
            Map<String, BrokerImage.VersionRange> supported,
            int brokerId,
            Supplier<ClusterImage> image) {
        List<ApiHandler<?, ?>> all = new ArrayList<>(handlers);
        List<ApiSpec<?, ?>> announced = new ArrayList<>();
        for (ApiHandler<?, ?> handler : handlers) {
            announced.add(handler.spec());
        }
        all.add(new ApiVersionsHandler(announced, supported, brokerId, image));
        return new ApiRegistry(all);
    }

    /** Null where there is none. */
    public ApiHandler<?, ?> handler(short key) {
        return key >= 0 && key < byKey.length ? byKey[key] : null;
    }

    public List<ApiSpec<?, ?>> specs() {
        return specs;
    }

    /** The largest key with a handler. */
    int largestKey() {
        return byKey.length - 1;
    }
}
