/// The help of `zoolab grade`.
public enum GradeCommandMessages {
    public static let summary = LocalizedText(
        "grade a homework submission, or a folder of them", zh: "给一份作业评分，或给整个文件夹的作业评分")
    public static let help = LocalizedText(
        """
        usage: zoolab grade PATH… [options]

        PATH is a submission (a folder with a submission.json) or a folder of submissions, one a student.
        Each is built, run as separate processes in a sandbox against a real server, and judged rule by rule.
        The verdict comes from the server's record, the fault proxy and the resource, never from the program.

          --rule RULE      judge this rule only, and those it depends on; may be repeated
          --seed N         the seed of the scenarios' random choices (default 1)
          --format LIST    text, json, junit, csv; several separated by commas (default text)
          --json           the same as --format json
          --out DIR, -o    write the formats there; runs that failed go to DIR/NAME/RULE (default runs/grade)

        Ends with 0 when every check of every submission is passed, 1 when one is not, 3 when the judge itself failed.

        examples:
          zoolab grade my-lock
          zoolab grade my-lock --rule no-herd --lang zh
          zoolab grade class/ --out grades --format text,json,junit,csv
        """,
        zh: """
            用法：zoolab grade 路径… [选项]

            路径是一份提交（含有 submission.json 的文件夹），或者存放多份提交的文件夹，每个学生一份。
            每份提交都会构建好，作为独立的进程在沙箱里面对真实的服务器运行，逐条规则评判。
            判定依据服务器的记录、故障代理和资源服务器，绝不采信程序自己的说法。

              --rule 规则      只评这条规则以及它所依赖的规则；可以重复
              --seed N         场景中随机选择的种子（默认 1）
              --format 列表    text、json、junit、csv，多个用逗号分隔（默认 text）
              --json           等于 --format json
              --out 目录, -o   把结果写到这个目录；没有通过的运行放在 目录/名字/规则 下（默认 runs/grade）

            全部通过时退出码为 0，有未通过的为 1，评分程序自身出错为 3。

            例子：
              zoolab grade my-lock
              zoolab grade my-lock --rule no-herd --lang zh
              zoolab grade class/ --out grades --format text,json,junit,csv
            """)
}
