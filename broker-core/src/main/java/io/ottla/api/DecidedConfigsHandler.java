package io.ottla.api;

import io.ottla.controller.AlteredConfig;
import io.ottla.controller.Controller;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.security.Authorizer;
import io.ottla.time.Timer;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * The controller's part of changing configuration: what brokers hand on to it after theirs, see {@link
 * AlterConfigsHandler}.
 */
final class DecidedConfigsHandler<Q extends ApiMessage, A extends ApiMessage> implements ApiHandler<Q, A> {
    private final AlterConfigsKind<Q, A> kind;
    private final ApiSpec<Q, A> spec;
    private final Controller controller;
    private final ConfigAccess access;
    private final Timer timer;

    DecidedConfigsHandler(AlterConfigsKind<Q, A> kind, Controller controller, Authorizer authorizer, Timer timer) {
        this.kind = kind;
        this.spec = kind.spec().answeredByController(kind.throttled());
        this.controller = controller;
        this.access = new ConfigAccess(authorizer, AclOperation.ALTER_CONFIGS);
        this.timer = timer;
    }

    @Override
    public ApiSpec<Q, A> spec() {
        return spec;
    }

    @Override
    public Reply<A> handle(RequestContext context, Q request) {
        List<ConfigChange> changes = kind.changes().apply(request);
        Failure[] failures = new Failure[changes.size()];
        List<AlteredConfig> wanted = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < failures.length; i++) {
            ConfigChange change = changes.get(i);
            Errors denied = access.denied(context.caller(), change.resourceType(), change.name());
            failures[i] = denied == Errors.NONE ? change.fault() : Failure.of(denied);
            if (failures[i] == null) {
                ConfigResourceName resource = new ConfigResourceName(change.resourceType(), change.name());
                wanted.add(new AlteredConfig(resource, change.operations(), change.replacing()));
                places.add(i);
            }
        }
        return TimedAnswer.of(
                controller.alterConfigs(wanted, kind.validateOnly().test(request)),
                AlterConfigsHandler.PATIENCE_MS,
                timer,
                results -> answer(changes, failures, places, results),
                () -> answer(changes, failures, places, all(places, controller.lateness())),
                () -> answer(changes, failures, places, all(places, Failure.of(Errors.UNKNOWN_SERVER_ERROR))));
    }

    private static List<Optional<Failure>> all(List<Integer> places, Failure failure) {
        return Collections.nCopies(places.size(), Optional.of(failure));
    }

    private A answer(
            List<ConfigChange> changes, Failure[] settled, List<Integer> places, List<Optional<Failure>> results) {
        Failure[] failures = settled.clone();
        for (int i = 0; i < places.size(); i++) {
            failures[places.get(i)] = results.get(i).orElse(null);
        }
        return kind.answer().apply(changes, Arrays.asList(failures));
    }
}
