import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

@Testcontainers
class PersonasTest {
    @Container
    private static final GenericContainer<?> MOCK = new GenericContainer<>(DockerImageName.parse("persona-mock"))
            .withEnv("PERSONA_MOCK_CLOCK", "2026-01-15T12:00:00Z")
            .withExposedPorts(8080)
            .waitingFor(Wait.forHttp("/_mock/ready").forPort(8080));

    @Test
    void aPersonaHasAName() throws Exception {
        // Each test has a sandbox of its own, which is made by its first use.
        var url = "http://" + MOCK.getHost() + ":" + MOCK.getMappedPort(8080)
                + "/_sandbox/a-persona-has-a-name/api/personas/188";
        var request = HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer anything").build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("\"Name\":\"Creative Hub\""), answer.body());
    }
}
