using System.Diagnostics;
using System.Globalization;

namespace Memoize.Tests;

/// <summary>Signals to processes, and what they do with them.</summary>
internal static class ProcessSignal
{
    /// <summary>Sends a signal; when this returns after a STOP, the process does nothing any more.</summary>
    /// <param name="process">Whom.</param>
    /// <param name="name">Without SIG: STOP, CONT, KILL.</param>
    internal static void Send(Process process, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0)
            throw new InvalidOperationException($"kill -{name} has failed.");

        // One of its threads has to run before the others stop, and on a busy machine those may answer until then.
        if (name == "STOP" && !SpinWait.SpinUntil(() => IsStopped(process.Id), TimeSpan.FromSeconds(30)))
            throw new InvalidOperationException("The process does not stop.");
    }

    private static bool IsStopped(int id)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{id}/task").All(static thread => File.ReadAllText(Path.Combine(thread, "stat")) is var text && text[text.LastIndexOf(')') + 2] == 'T');
        }
        catch (IOException)
        {
            // A thread has ended meanwhile.
            return false;
        }
    }
}
