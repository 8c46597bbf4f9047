<%@ page contentType="text/plain; charset=UTF-8" import="java.nio.charset.StandardCharsets, java.nio.file.*, java.util.*, javax.xml.parsers.DocumentBuilderFactory, org.w3c.dom.*" %><%!
// What Tomcat makes of a request by its usual means, as a line of JSON in a file. Java reads no JSON: its text is kept.
static String quoted(String text) {
  if (text == null) return "null";
  StringBuilder out = new StringBuilder("\"");
  for (char c : text.toCharArray()) {
    if (c == '"' || c == '\\') out.append('\\').append(c);
    else if (c < 32) out.append(String.format("\\u%04x", (int) c));
    else out.append(c);
  }
  return out.append('"').toString();
}
static String tree(Element element) {
  List<String> children = new ArrayList<>();
  NodeList nodes = element.getChildNodes();
  for (int i = 0; i < nodes.getLength(); i++) if (nodes.item(i) instanceof Element) children.add(tree((Element) nodes.item(i)));
  String content = children.isEmpty() ? quoted(element.getTextContent()) : "[" + String.join(",", children) + "]";
  return "[" + quoted(element.getTagName()) + "," + content + "]";
}
%><%
String kind = String.valueOf(request.getContentType());
boolean isForm = kind.contains("form"), isJson = kind.contains("json"), isXml = kind.contains("xml");
String body = isJson ? new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : null;
String xml = isXml ? tree(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(request.getInputStream()).getDocumentElement()) : "null";
List<String> values = new ArrayList<>();
if (!isJson && !isXml) for (String name : Collections.list(request.getParameterNames())) values.add(quoted(name) + ":" + quoted(request.getParameter(name)));
String parameters = "{" + String.join(",", values) + "}";
String line = "{\"id\":" + quoted(request.getHeader("webhook-id")) + ",\"method\":" + quoted(request.getMethod())
  + ",\"query\":" + (isForm ? "{}" : parameters) + ",\"form\":" + (isForm ? parameters : "{}")
  + ",\"json\":" + (body == null ? "null" : body) + ",\"xml\":" + xml
  + ",\"apiKey\":" + quoted(request.getHeader("X-Api-Key")) + ",\"port\":" + request.getRemotePort() + "}\n";
Files.write(Path.of(System.getProperty("endpoint.log")), line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
out.print("ok");
%>
