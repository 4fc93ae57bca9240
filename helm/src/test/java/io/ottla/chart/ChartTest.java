package io.ottla.chart;

import org.junit.jupiter.api.Test;

class ChartTest {
    @Test
    void t() {
        System.out.println(Chart.lint().getMessages());
        System.out.println(Chart.render(""));
        for (String name : new String[] {"single.yaml", "node-port.yaml", "everything.yaml"}) {
            System.out.println("##### " + name);
            System.out.println(Chart.render(Chart.values(name)));
            Chart.manifests(Chart.values(name));
        }
        System.out.println(Chart.notes(""));
    }
}
