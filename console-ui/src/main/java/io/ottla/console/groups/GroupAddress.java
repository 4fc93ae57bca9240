package io.ottla.console.groups;

import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.GroupKind;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/**
 * How addresses name groups: pages of those that ZooKeeper keeps lie beside those of the brokers' groups; the API has them
 * told apart by {@code type=zookeeper}. Gives methods the {@link GroupKey} that is meant.
 */
final class GroupAddress implements HandlerMethodArgumentResolver {
    /** Below a cluster's address. */
    static final String IN_ZOOKEEPER = "/zookeeper-groups/{group}";

    private static final String TYPE = "type";

    /** @param cluster its key */
    static String of(String cluster, GroupKey key) {
        return key.isInZooKeeper()
                ? Addresses.cluster(cluster) + IN_ZOOKEEPER.replace("{group}", Addresses.segment(key.id()))
                : Addresses.group(cluster, key.id());
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == GroupKey.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            ModelAndViewContainer model,
            NativeWebRequest request,
            WebDataBinderFactory binders) {
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        Map<?, ?> named = (Map<?, ?>) servlet.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        String pattern = String.valueOf(servlet.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
        String id = (String) named.get("group");
        boolean inZooKeeper = pattern.startsWith("/api/") ? isZooKeeper(servlet) : pattern.contains(IN_ZOOKEEPER);
        return inZooKeeper ? GroupKey.inZooKeeper(id) : GroupKey.of(id);
    }

    private static boolean isZooKeeper(HttpServletRequest request) {
        String type = request.getParameter(TYPE);
        if (type != null && !type.equals(GroupKind.ZOOKEEPER.key())) {
            throw new Mistyped(Wording.of("groups.type.unreadable", type));
        }
        return type != null;
    }
}
