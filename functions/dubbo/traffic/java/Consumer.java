import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONArray;
import com.alibaba.fastjson2.JSONObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.RpcContext;
import org.apache.dubbo.rpc.service.GenericService;
import org.example.Pojo;

/** Reads one call a line from stdin, as JSON, and answers each with one line of replies on stdout. */
public class Consumer {
  static final Map<String, ReferenceConfig<Object>> references = new HashMap<>();

  public static void main(String[] args) throws Exception {
    ApplicationConfig application = new ApplicationConfig("consumer");
    application.setQosEnable(false);
    DubboBootstrap.getInstance().application(application).start();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JSONObject answer = new JSONObject();
      try {
        answer.put("replies", run(JSON.parseObject(line)));
      } catch (Throwable problem) {
        answer.put("problem", problem.toString());
      }
      System.out.println("> " + answer.toString());
    }
    System.exit(0);
  }

  static JSONArray run(JSONObject call) throws Exception {
    JSONArray replies = new JSONArray();
    Object service = reference(call).get();
    int times = call.getIntValue("times", 1);
    for (int i = 0; i < times; i++) {
      if (i > 0) Thread.sleep(call.getIntValue("pause", 0));
      replies.add(reply(service, call));
    }
    return replies;
  }

  static ReferenceConfig<Object> reference(JSONObject call) throws Exception {
    String url = "dubbo://" + call.getString("address") + ":" + call.getIntValue("port");
    String key = String.join(" ", url, call.getString("interface"), call.getString("group"), call.getString("version"))
        + call.getBooleanValue("generic");
    ReferenceConfig<Object> known = references.get(key);
    if (known != null) return known;
    ReferenceConfig<Object> reference = new ReferenceConfig<>();
    reference.setUrl(url + "?serialization=hessian2&prefer.serialization=hessian2&heartbeat=1000");
    reference.setInterface(call.getString("interface"));
    reference.setGroup(call.getString("group"));
    reference.setVersion(call.getString("version"));
    if (call.getBooleanValue("generic")) reference.setGeneric("true");
    reference.setCheck(false);
    reference.setInjvm(false);
    reference.setRetries(0);
    reference.setTimeout(5000);
    references.put(key, reference);
    return reference;
  }

  static JSONObject reply(Object service, JSONObject call) throws Exception {
    JSONObject reply = new JSONObject();
    JSONObject attachments = call.getJSONObject("attachments");
    if (attachments != null)
      attachments.forEach((name, value) -> RpcContext.getClientAttachment().setAttachment(name, String.valueOf(value)));
    try {
      Object value = call.getBooleanValue("generic") ? generic((GenericService) service, call) : typed(service, call);
      if (value instanceof Pojo) value = ((Pojo) value).pod + " " + ((Pojo) value).number + " " + ((Pojo) value).list;
      reply.put("value", value == null ? "" : abbreviated(value.toString()));
      if (value != null) reply.put("size", value.toString().length());
    } catch (InvocationTargetException problem) {
      reply.put("error", chain(problem.getCause()));
    } catch (RuntimeException problem) {
      reply.put("error", chain(problem));
    }
    return reply;
  }

  static Object typed(Object service, JSONObject call) throws Exception {
    Object argument = argument(call);
    Class<?> type = argument instanceof Integer ? int.class : argument.getClass();
    Method method = Class.forName(call.getString("interface")).getMethod(call.getString("method"), type);
    return method.invoke(service, argument);
  }

  static Object generic(GenericService service, JSONObject call) {
    return service.$invoke(call.getString("method"), new String[] {"java.lang.String"}, new Object[] {argument(call)});
  }

  /** A string, a number, `{"repeat": n}` for a long string, `{"pojo": n}` for an object. */
  static Object argument(JSONObject call) {
    Object argument = call.get("argument");
    if (!(argument instanceof JSONObject)) return argument;
    JSONObject made = (JSONObject) argument;
    if (made.containsKey("repeat")) return "x".repeat(made.getIntValue("repeat"));
    Pojo pojo = new Pojo();
    pojo.number = made.getIntValue("pojo");
    pojo.list = List.of("a", "b");
    return pojo;
  }

  static String abbreviated(String text) {
    return text.length() > 200 ? text.substring(0, 200) : text;
  }

  static String chain(Throwable problem) {
    StringBuilder text = new StringBuilder();
    for (Throwable one = problem; one != null; one = one.getCause()) {
      if (text.length() > 0) text.append(" <- ");
      text.append(one.getClass().getSimpleName()).append(": ").append(abbreviated(String.valueOf(one.getMessage())));
    }
    return text.toString();
  }
}
