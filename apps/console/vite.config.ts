import { viteApp } from '@7pay/ui/vite-app';

export default viteApp('/console/');
