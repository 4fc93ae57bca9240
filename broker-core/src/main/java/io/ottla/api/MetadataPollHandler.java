package io.ottla.api;

import io.ottla.cluster.MetadataPublisher;
import io.ottla.cluster.OpenPoll;
import io.ottla.cluster.PollAnswer;
import io.ottla.cluster.PollQuestion;
import io.ottla.cluster.PublishedImage;
import io.ottla.cluster.PublishedStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.protocol.MetadataPollRequest;
import io.ottla.protocol.MetadataPollResponse;
import io.ottla.protocol.OwnApi;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls of other brokers for metadata, where this one is the controller. */
public final class MetadataPollHandler implements ApiHandler<MetadataPollRequest, MetadataPollResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataPollHandler.class);

    private final ApiSpec<MetadataPollRequest, MetadataPollResponse> spec =
            ApiSpec.of(OwnApi.METADATA_POLL, (request, error) -> refusing(error, null));
    private final MetadataPublisher publisher;
    private final Executor workers;

    /** @param workers turns whole images into bytes, which may take a while */
    public MetadataPollHandler(MetadataPublisher publisher, Executor workers) {
        this.publisher = publisher;
        this.workers = workers;
    }

    @Override
    public ApiSpec<MetadataPollRequest, MetadataPollResponse> spec() {
        return spec;
    }

    @Override
    public Reply<MetadataPollResponse> handle(RequestContext context, MetadataPollRequest request) {
        PollQuestion question = question(request);
        OpenPoll poll = publisher.ask(question);
        context.peer().whenGone(poll::abandon);
        Reply<MetadataPollResponse> reply = Reply.later();
        reply.hurriedBy(poll::hurry);
        poll.answer().thenAccept(answer -> complete(reply, question, answer));
        return reply;
    }

    private void complete(Reply<MetadataPollResponse> reply, PollQuestion question, PollAnswer.Complete answer) {
        if (answer instanceof PollAnswer.News news && news.whole() != null) {
            try {
                workers.execute(() -> reply.complete(message(question, answer)));
                return;
            } catch (RejectedExecutionException busy) {
                LOG.debug("A whole image is turned into bytes without the workers, which are busy", busy);
            }
        }
        reply.complete(message(question, answer));
    }

    private static PollQuestion question(MetadataPollRequest request) {
        return new PollQuestion(
                new BrokerId(request.brokerId()),
                new BrokerEpoch(request.brokerEpoch()),
                request.incarnation(),
                version(request.knownEpoch(), request.knownNumber()),
                version(request.appliedEpoch(), request.appliedNumber()),
                request.maxWaitMs(),
                request.leaving(),
                new BrokerEpoch(request.closedUnder()),
                version(request.gatheringEpoch(), request.gatheringNumber()),
                request.gathered());
    }

    private static ImageVersion version(int epoch, long number) {
        return new ImageVersion(new ControllerEpoch(epoch), number);
    }

    private static MetadataPollResponse message(PollQuestion question, PollAnswer.Complete answer) {
        try {
            return switch (answer) {
                case PollAnswer.News news -> news(question, news);
                case PollAnswer.Refused(var failure) -> refusing(failure.error(), failure.text());
            };
        } catch (RuntimeException e) {
            LOG.error("Metadata could not be turned into bytes for a broker that asks for it", e);
            return refusing(Errors.UNKNOWN_SERVER_ERROR, e.getMessage());
        }
    }

    private static MetadataPollResponse news(PollQuestion question, PollAnswer.News news) {
        MetadataPollResponse response =
                new MetadataPollResponse().of(news.epoch().value(), news.mayLeave());
        PublishedImage whole = news.whole();
        if (whole != null) {
            List<ByteBuffer> parts = whole.parts();
            ImageVersion version = whole.image().version();
            int next = version.equals(question.gathering()) ? question.gathered() : 0;
            int part = next >= 0 && next < parts.size() ? next : 0;
            response.whole(version.number(), parts.size(), part, parts.get(part).duplicate());
            if (parts.size() > 1) {
                return response;
            }
        }
        List<MetadataPollResponse.Step> steps = new ArrayList<>(news.steps().size());
        for (PublishedStep step : news.steps()) {
            steps.add(new MetadataPollResponse.Step(step.version().number(), step.encoded()));
        }
        return response.steps(steps);
    }

    private static MetadataPollResponse refusing(Errors error, String why) {
        return new MetadataPollResponse().refusing(error.code(), why);
    }
}
