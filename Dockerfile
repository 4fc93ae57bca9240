# syntax=docker/dockerfile:1
# Ottla as a container: docker build -t ottla . && docker run -p 9092:9092 -p 127.0.0.1:8080:8080 ottla
# KAFKA_ variables are settings, by the rule of Apache Kafka's image: KAFKA_LOG_RETENTION_HOURS is log.retention.hours.

FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -ntp package -Dmaven.test.skip=true -Dquick -Psbom -Dspring-boot.aot.skip=false -pl broker-app -am \
    && java -Djarmode=tools -jar broker-app/target/ottla-broker-app-*-exec.jar extract --layers --destination /layers \
    && mv /layers/application/ottla-broker-app-*.jar /layers/application/ottla.jar

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 1001 ottla \
    && useradd --system --uid 1001 --gid ottla --no-create-home --home-dir /opt/ottla ottla \
    && install -d -o ottla -g ottla /opt/ottla /opt/ottla/lib /var/lib/kafka/data /etc/kafka/secrets /mnt/shared/config
WORKDIR /opt/ottla
# Seldom changed first, so that a new version of Ottla is a small layer.
COPY --from=build --chown=ottla:ottla /layers/dependencies/ ./lib/
COPY --from=build --chown=ottla:ottla /layers/spring-boot-loader/ ./lib/
COPY --from=build --chown=ottla:ottla /layers/snapshot-dependencies/ ./lib/
COPY --from=build --chown=ottla:ottla /layers/application/ ./lib/
COPY --chown=ottla:ottla bin/ottla bin/lib.sh bin/container.sh bin/healthcheck bin/zookeeper-healthcheck ./bin/
COPY --chown=ottla:ottla LICENSE ./
USER 1001
# The cache is of this very JVM and these very paths; the run that makes it touches no data and no port.
RUN bin/ottla train && test -s lib/ottla.aot

ENV OTTLA_CONTAINER=1 \
    KAFKA_HEAP_OPTS="-XX:InitialRAMPercentage=25 -XX:MaxRAMPercentage=40"
EXPOSE 9092 8080
VOLUME ["/var/lib/kafka/data", "/etc/kafka/secrets", "/mnt/shared/config"]
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 CMD ["/opt/ottla/bin/healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/ottla/bin/ottla", "server"]
