package org.millrace.runners;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterProgressTest {

  private static final Map<String, String> ANSWERS =
      Map.of(
          "/overview",
          "{\"slots-total\": 6}",
          "/jobs/overview",
          """
          {"jobs": [
            {"name": "other", "state": "RUNNING", "tasks": {"total": 1}},
            {"name": "mine", "state": "RESTARTING",
             "tasks": {"total": 12, "finished": 5, "running": 4, "failed": 1}}]}
          """);

  private HttpServer server;
  private String address;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String answer = ANSWERS.get(exchange.getRequestURI().getPath());
          byte[] body = answer == null ? new byte[0] : answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    address = "127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void tellsTasksOfItsOwnJob() {
    assertThat(
        new ClusterProgress(address, "mine").line(),
        is("cluster: restarting | 5 of 12 tasks done, 4 running, 1 failed"));
  }

  @Test
  void saysWhenTheJobIsNotThereYet() {
    assertThat(
        new ClusterProgress(address, "late").line(), containsString("the job is not there yet"));
  }

  @Test
  void knowsTheSlots() {
    assertThat(new ClusterProgress(address, "mine").slots(), is(6));
  }

  @Test
  void refusesAnAddressThatIsNone() {
    assertThrows(UsageException.class, () -> new ClusterProgress("not an address", "x").slots());
  }
}
