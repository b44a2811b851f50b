import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.example.Counter;
import org.example.Greeter;
import org.example.Pojo;
import org.example.Refused;
import org.example.Undeclared;

/** `java Provider <pod> <port>`: exports all three interfaces on one port, without a registry. */
public class Provider {
  public static void main(String[] args) throws Exception {
    String pod = args[0];
    int port = Integer.parseInt(args[1]);
    ApplicationConfig application = new ApplicationConfig("provider");
    application.setQosEnable(false);
    ProtocolConfig protocol = new ProtocolConfig("dubbo", port);
    protocol.setSerialization("hessian2");
    protocol.setPreferSerialization("hessian2");
    DubboBootstrap.getInstance()
        .application(application)
        .registry(new RegistryConfig("N/A"))
        .protocol(protocol)
        .service(export(Greeter.class, new GreeterOf(pod)))
        .service(export(Counter.class, of -> pod + " total of " + of))
        .service(export(Undeclared.class, text -> pod + " " + text))
        .start();
    System.err.println("ready");
    Thread.currentThread().join();
  }

  static <T> ServiceConfig<T> export(Class<T> type, T implementation) {
    ServiceConfig<T> service = new ServiceConfig<>();
    service.setInterface(type);
    service.setRef(implementation);
    service.setRegister(false);
    return service;
  }

  static class GreeterOf implements Greeter {
    final String pod;

    GreeterOf(String pod) {
      this.pod = pod;
    }

    public String hello(String name) {
      return pod + " hello " + name;
    }

    public String getPrice(String item) {
      return pod + " price of " + item;
    }

    public String big(int bytes) {
      String start = pod + " ";
      return start + "x".repeat(bytes - start.length());
    }

    public String length(String text) {
      return pod + " " + text.length();
    }

    public Pojo echo(Pojo value) {
      value.pod = pod;
      return value;
    }

    public void tell(String text) {
      System.err.println("told " + text);
    }

    public String refuse(String why) throws Refused {
      throw new Refused(pod + " " + why);
    }

    public String crash(String why) {
      throw new IllegalStateException(pod + " " + why);
    }
  }
}
