package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.security.Authorizer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Tells who is in the cluster (KIP-700, KIP-919, KIP-1073). A broker that is not live is in no image, so that none is
 * ever shown as fenced.
 */
final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequestData, DescribeClusterResponseData> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final ApiSpec<DescribeClusterRequestData, DescribeClusterResponseData> spec = ApiSpec.of(
            ApiKeys.DESCRIBE_CLUSTER,
            (request, error) -> refusing(error, error.message()),
            (answer, throttleMs) -> answer.setThrottleTimeMs(throttleMs));
    private final Supplier<ClusterImage> image;
    private final Controller controller;
    private final Authorizer authorizer;

    DescribeClusterHandler(Supplier<ClusterImage> image, Controller controller, Authorizer authorizer) {
        this.image = image;
        this.controller = controller;
        this.authorizer = authorizer;
    }

    @Override
    public ApiSpec<DescribeClusterRequestData, DescribeClusterResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DescribeClusterResponseData> handle(RequestContext context, DescribeClusterRequestData request) {
        if (request.endpointType() == CONTROLLERS) {
            return Reply.of(refusing(
                    Errors.MISMATCHED_ENDPOINT_TYPE,
                    "Expected to be asked for brokers, but was asked for controllers"));
        }
        if (request.endpointType() != BROKERS) {
            return Reply.of(
                    refusing(Errors.UNSUPPORTED_ENDPOINT_TYPE, "Unsupported endpoint type " + request.endpointType()));
        }
        ClusterImage now = image.get();
        DescribeClusterResponseData answer = new DescribeClusterResponseData()
                .setEndpointType(BROKERS)
                .setClusterId(now.clusterId())
                .setControllerId(controller.reachable(now).value());
        for (BrokerImage broker : now.brokers().values()) {
            BrokerImage.Endpoint endpoint = broker.endpoint(context.listener());
            if (endpoint != null) {
                answer.brokers()
                        .add(new DescribeClusterBroker()
                                .setBrokerId(broker.id().value())
                                .setHost(endpoint.host())
                                .setPort(endpoint.port())
                                .setRack(broker.rack()));
            }
        }
        if (request.includeClusterAuthorizedOperations()) {
            answer.setClusterAuthorizedOperations(AuthorizedOperations.onCluster(authorizer, context.caller()));
        }
        return Reply.of(answer);
    }

    private static DescribeClusterResponseData refusing(Errors error, String why) {
        return new DescribeClusterResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(why)
                .setEndpointType(BROKERS);
    }
}
