package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.protocol.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All handlers by key: what exists, and so what is announced. Immutable. */
public final class ApiRegistry {
    private final ApiHandler<?, ?>[] bySlot;
    private final List<ApiSpec<?, ?>> specs;

    private ApiRegistry(List<ApiHandler<?, ?>> handlers) {
        bySlot = new ApiHandler<?, ?>[Api.SLOTS];
        List<ApiSpec<?, ?>> all = new ArrayList<>();
        for (ApiHandler<?, ?> handler : handlers) {
            ApiSpec<?, ?> spec = handler.spec();
            int slot = spec.api().slot();
            if (bySlot[slot] != null) {
                throw new IllegalArgumentException("Expected one handler for " + spec.api() + ", but got "
                        + bySlot[slot].getClass().getName() + " and "
                        + handler.getClass().getName());
            }
            bySlot[slot] = handler;
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
        int slot = Api.slot(key);
        return slot < 0 ? null : bySlot[slot];
    }

    public List<ApiSpec<?, ?>> specs() {
        return specs;
    }
}
