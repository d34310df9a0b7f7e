using System.Runtime.InteropServices;

namespace Pipeline.Tests.Harness;

/// <summary>
/// Does something as a user without rights of its own, also where the tests run as root, whom no permission keeps out. Only the thread that it
/// runs on gives its rights up (setfsuid), so nothing else notices. Linux only.
/// </summary>
public static partial class FewRights
{
    private const uint Nobody = 65534;

    public static T Run<T>(Func<T> action)
    {
        T result = default!;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            if (Environment.IsPrivilegedProcess) _ = SetFileSystemUser(Nobody);
            try
            {
                result = action();
            }
            catch (Exception e)
            {
                error = e;
            }
        });
        thread.Start();
        thread.Join();
        if (error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        return result;
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetFileSystemUser(uint user);
}
