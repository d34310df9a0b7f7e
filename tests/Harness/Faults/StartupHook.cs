using Pipeline.Tests.Harness.Faults;

/// <summary>What the runtime calls before a program's Main when <c>DOTNET_STARTUP_HOOKS</c> names this assembly: name and place are the runtime's.</summary>
internal static class StartupHook
{
    public static void Initialize() => KillPoint.Arm();
}
