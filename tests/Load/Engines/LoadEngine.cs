namespace Pipeline.Tests.Load.Engines;

/// <summary>The engine that this build was made for: <c>-p:LoadEngine=NBomber</c>, or the built-in one.</summary>
internal static class LoadEngine
{
#if NBOMBER
    public static ILoadEngine Create() => new NBomberEngine();
#else
    public static ILoadEngine Create() => new OpenModelEngine();
#endif
}
