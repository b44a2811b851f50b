package org.example;

import java.io.Serializable;
import java.util.List;

public class Pojo implements Serializable {
  public String pod;
  public int number;
  public List<String> list;
}
