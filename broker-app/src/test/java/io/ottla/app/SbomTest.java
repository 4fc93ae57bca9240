package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The list of what the process is made of, where the build has made one. */
@EnabledIfSystemProperty(named = "ottla.sbom", matches = "true")
class SbomTest {
    @TempDir
    Path folder;

    @Test
    void shouldTellTheAdministratorWhatItIsMadeOf() throws Exception {
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            String login = "admin:" + process.password();
            String basic = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));

            // when
            HttpResponse<String> bom = process.get("/actuator/sbom/application", "Authorization", basic);

            // then
            assertThat(bom.statusCode()).isEqualTo(200);
            assertThat(bom.body())
                    .contains("\"bomFormat\" : \"CycloneDX\"")
                    .contains("pkg:maven/org.apache.kafka/kafka-clients@", "pkg:maven/org.apache.zookeeper/zookeeper@")
                    .contains("pkg:maven/io.ottla/ottla-console-ui@")
                    .doesNotContain("junit");
            assertThat(process.get("/actuator/sbom/application").statusCode()).isEqualTo(401);
        }
    }
}
