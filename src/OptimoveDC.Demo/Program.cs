using OptimoveDC.Demo.Hosting;

using var host = new DemoHost();
return new ScriptRunner(host).Run(args);
