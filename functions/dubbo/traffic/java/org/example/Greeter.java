package org.example;

/** Every answer begins with the name of the pod that gave it. */
public interface Greeter {
  String hello(String name);

  String getPrice(String item);

  /** An answer of this many bytes. */
  String big(int bytes);

  /** Tells how long the argument is. */
  String length(String text);

  Pojo echo(Pojo value);

  void tell(String text);

  /** Throws an exception that the interface declares. */
  String refuse(String why) throws Refused;

  /** Throws one that it does not. */
  String crash(String why);
}
