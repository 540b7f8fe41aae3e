using Supervisor.FakeAgent;

var invocation = new Invocation(args);
try
{
    new Interpreter(invocation).Run(invocation.Words);
    Interpreter.Exit(0);
}
catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
{
    Libc.WriteAll(2, System.Text.Encoding.UTF8.GetBytes($"fake-agent: {e.Message}\n"));
    Interpreter.Exit(64);
}

return 0;
